import { afterAll, describe, expect, test } from 'vitest';
import { ofBlocking } from '../../sim/mutants/blocking.js';
import { ofCalls } from '../../sim/mutants/calls.js';
import { ofListeners } from '../../sim/mutants/listeners.js';
import { ofReferences } from '../../sim/mutants/references.js';
import { ofRoles } from '../../sim/mutants/roles.js';
import { Workshop } from '../../sim/mutants/workshop.js';

// Hunting them takes minutes (npm run sim:mutants). That each still has its place is seen here, with every change.
describe('the mutants', () => {
  const workshop = new Workshop();
  afterAll(() => workshop.clear());

  test.each([...ofReferences, ...ofCalls, ...ofListeners, ...ofRoles, ...ofBlocking])('$name: has its place in $file', (mutant) => {
    expect(() => workshop.check(mutant)).not.toThrow();
  });
});
