import { throughput } from './lib/load.mjs';
import { delays } from './lib/pace.mjs';
import { SYSTEMS } from './systems/index.mjs';

const RATE = 5_000;

/** What is measured, of which systems, and what dynobot must reach beside one process. */
export const MEASURES = [
  {
    key: 'hello', app: 'hello', title: 'Hello world, 50 connections', unit: 'requests/s', atLeast: 0.55,
    run: (port, { seconds }) => throughput(port, {}, seconds),
  },
  {
    key: 'post', app: 'post', title: 'POST of 1 KiB, 50 connections', unit: 'requests/s', atLeast: 0.5,
    run: (port, { seconds }) => throughput(port, { method: 'POST', body: 'x'.repeat(1024), headers: { 'content-type': 'text/plain' } }, seconds),
  },
  {
    key: 'express', app: 'express', title: 'Hello world of Express, 50 connections', unit: 'requests/s', atLeast: 0.8,
    systems: ['in-process', 'http-proxy-3', 'dynobot'],
    run: (port, { seconds }) => throughput(port, {}, seconds),
  },
  {
    key: 'p99', app: 'hello', title: `Hello world at ${RATE.toLocaleString('en')} requests/s: 99 of 100 are answered within`, unit: 'ms', atMost: 2,
    systems: Object.keys(SYSTEMS),
    run: (port, { seconds }) => delays(port, { rate: RATE, seconds }),
  },
];
