import { text } from './check.js';
import type { Kind } from './kind.js';

export const url: Kind<URL, string> = {
  tag: 'URL',
  is: (value) => value instanceof URL,
  head: (value) => value.href,
  create: (href) => new URL(text(href)),
};

export const urlSearchParams: Kind<URLSearchParams, string> = {
  tag: 'URLSearchParams',
  is: (value) => value instanceof URLSearchParams,
  head: (value) => value.toString(),
  create: (query) => new URLSearchParams(text(query)),
};
