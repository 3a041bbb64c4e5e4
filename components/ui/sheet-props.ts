import type { ReactNode } from "react";

export interface SheetProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  /** Left out at the first row. */
  onPrevious?: (() => void) | undefined;
  /** Left out at the last row. */
  onNext?: (() => void) | undefined;
  footer?: ReactNode;
  children: ReactNode;
}
