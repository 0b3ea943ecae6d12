export interface Program {
  readonly command: string;
  readonly debian: string;
  readonly usedBy: string;
  readonly get: string;
}
export const programs: readonly Program[];
export function findProgram(command: string): string | undefined;
