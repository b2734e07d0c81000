// Made of pages/live/wire.py, which says what each field means: tests/wire_types.py.

export type Counts = {
  received?: number;
  elsewhere?: number;
  earlier?: number;
  malformed?: number;
  missed?: number;
  redelivered?: number;
  dead?: number;
  delay_p50_ms?: number | null;
  delay_p99_ms?: number | null;
};

export type Card = {
  received?: number;
  elsewhere?: number;
  earlier?: number;
  malformed?: number;
  missed?: number;
  redelivered?: number;
  dead?: number;
  delay_p50_ms?: number | null;
  delay_p99_ms?: number | null;
  id?: string;
  name?: string;
  host?: string;
  pid?: number;
  state?: string;
  doing?: string;
  rate?: number;
  last?: string | null;
  in_hand?: Array<any> | null;
};

export type Figures = {
  received?: number;
  elsewhere?: number;
  earlier?: number;
  malformed?: number;
  missed?: number;
  redelivered?: number;
  dead?: number;
  delay_p50_ms?: number | null;
  delay_p99_ms?: number | null;
  sent?: number;
  unknown?: number;
  deliveries?: number;
  unheard?: number;
  unreceived?: number;
  dead_letters?: number;
  aside?: Array<[string | null, string]>;
  waiting?: number;
  oldest_s?: number | null;
  newest?: Array<[string | null, string]>;
  oldest?: Array<[string | null, string]>;
  kept?: number;
  groups?: number;
  listeners?: Array<Card>;
  more?: number;
  there?: number;
  head?: string;
  rest?: string;
};

export type Status = {
  redis: string;
  why: string;
  refused: string;
  run_id: string;
  at: number;
  zero: boolean;
  stage: Record<string, any> | null;
  patterns: Record<string, Figures>;
};

export type Moves = {
  sent?: Array<[string | null, string, number | null]>;
  taken?: Array<[string | null, string, string]>;
  left?: Array<string>;
};

export type Snapshot = {
  redis: string;
  why: string;
  refused: string;
  run_id: string;
  at: number;
  zero: boolean;
  stage: Record<string, any> | null;
  patterns: Record<string, Figures>;
  history: Array<Record<string, any>>;
};

export type Change = {
  redis: string;
  why: string;
  refused: string;
  run_id: string;
  at: number;
  zero: boolean;
  stage: Record<string, any> | null;
  patterns: Record<string, Figures>;
  moves?: Record<string, Moves>;
  sample?: Record<string, any>;
};
