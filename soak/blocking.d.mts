export interface SoakResult {
  calls: number;
  events: number;
  nested: number;
  stuck: number;
  problems: string[];
  left: { sessions: number; listeners: number };
  memory: Record<'before' | 'after', { heap: number; exports: number }>;
}
export function soak(options: { seconds: number; clients?: number }): Promise<SoakResult>;
