import type { ReactNode } from "react";
import type { Aged } from "@/lib/client/aged.ts";

export interface SheetProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  /** Left out at the first row. */
  onPrevious?: (() => void) | undefined;
  /** Left out at the last row. */
  onNext?: (() => void) | undefined;
  /** Set while its figures are the last known ones; those of the list around it when left out. */
  aged?: Aged | null;
  /** Room for statements: 720 px instead of 560. */
  wide?: boolean;
  footer?: ReactNode;
  children: ReactNode;
}
