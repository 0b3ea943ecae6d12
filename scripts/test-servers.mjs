// Sees to it that the programs which some tests need are there: installs them as root on Debian, and elsewhere says
// what will be skipped. A missing program never fails the run, except where it could only be a fault: in CI, as root on Debian.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram, programs } from './programs.mjs';

const POLICY = '/usr/sbin/policy-rc.d';
const missing = () => programs.filter(({ command }) => findProgram(command) === undefined);

const wanted = missing();
if (wanted.length > 0 && isRootOnDebian()) {
  const packages = wanted.map(({ debian }) => debian);
  console.log(`test servers: installing ${packages.join(', ')} with apt-get`);
  const failure = install(packages);
  if (failure !== undefined) {
    console.log(`test servers: apt-get failed: ${failure}`);
    if (isCi()) process.exitCode = 1;
  }
}
for (const { command, usedBy, get } of missing()) {
  console.log(`test servers: no ${command}, so these are skipped: ${usedBy}. To get it: ${get}`);
}

function isRootOnDebian() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && findProgram('apt-get') !== undefined;
}

function isCi() {
  return !['', '0', 'false'].includes(process.env.CI ?? '');
}

/** Installs packages without starting the services in them. Returns what went wrong, if anything. */
function install(packages) {
  const hasPolicy = existsSync(POLICY);
  try {
    if (!hasPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    // The lists may be fresh enough, or a mirror down: what counts is whether the packages can be installed.
    aptGet(['update']);
    return aptGet(['install', '--yes', '--no-install-recommends', ...packages]);
  } catch (error) {
    return error.message;
  } finally {
    if (!hasPolicy) rmSync(POLICY, { force: true });
  }
}

function aptGet(args) {
  const { status, stderr, error } = spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  return status === 0 ? undefined : (error?.message ?? (stderr.trim() || `exit status ${status}`));
}
