import type { ReactNode } from "react";
import type { Aged } from "@/lib/client/aged.ts";
import type { FigureTable } from "@/lib/client/csv.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { PanelInfo } from "./panel-info.tsx";

export interface PanelView {
  height: number;
  expanded: boolean;
}

export interface PanelProps<T> {
  /** Anchor of the panel: what "copy link" points at. */
  id: string;
  title: string;
  /** Short unit beside the title: "connections", "per second". */
  unit?: string;
  read: ReadState<T>;
  /** Further reads that the body is drawn from: the panel is as old as the oldest of all. */
  also?: readonly { aged: Aged | null }[];
  /** Height of the body in pixels. */
  height: number;
  /** true: the body never grows past `height`. */
  fixed?: boolean;
  info?: PanelInfo;
  /** Controls at the right of the title (a select, a link). */
  actions?: ReactNode;
  /** Words when there is nothing to show, else false. */
  empty?: (data: T) => string | false;
  table?: (data: T) => FigureTable;
  /** No padding around the body, for tables that reach the edges. */
  flush?: boolean;
  className?: string;
  children: (data: T, view: PanelView) => ReactNode;
}
