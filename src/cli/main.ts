#!/usr/bin/env node
import { fail } from './failure.js';
import { leaveWhenUnread } from './output.js';
import { program } from './program.js';

leaveWhenUnread();
await program().parseAsync().catch(fail);
