"use client";

import type { ReactNode } from "react";
import { Dialog } from "@/components/ui/dialog.tsx";

interface PanelExpandedProps {
  title: string;
  unit: string | undefined;
  onClose: () => void;
  footer: ReactNode;
  children: (height: number) => ReactNode;
}

/** A panel over the whole window; its body gets two thirds of the window's height. */
export function PanelExpanded({ title, unit, onClose, footer, children }: PanelExpandedProps) {
  const height = Math.max(280, Math.round(window.innerHeight * 0.66));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="full"
      title={
        <>
          {title} {unit && <span className="text-sm font-normal text-faint">{unit}</span>}
        </>
      }
    >
      <div style={{ minHeight: height }}>{children(height)}</div>
      <div className="-mx-4">{footer}</div>
    </Dialog>
  );
}
