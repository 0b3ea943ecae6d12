export interface EventsTest {
  file: string;
  local: boolean | undefined;
  hosted: boolean;
  again: boolean;
}
export const files: readonly string[];
export function runEventsTests(options?: { locally?: boolean }): Promise<EventsTest[]>;
