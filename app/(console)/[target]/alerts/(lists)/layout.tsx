import type { ReactNode } from "react";
import { AlertsFrame } from "@/components/alerts/alerts-frame";

export default function AlertListsLayout({ children }: { children: ReactNode }) {
  return <AlertsFrame>{children}</AlertsFrame>;
}
