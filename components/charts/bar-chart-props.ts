import type { Unit } from "@/lib/collector/types.ts";

export interface TimeBar {
  /** Start of the step. */
  at: Date | number;
  value: number | null;
}

export interface BarChartProps {
  label: string;
  unit: Unit;
  height: number;
  bars: readonly TimeBar[];
  stepSeconds: number;
  colour?: string;
}
