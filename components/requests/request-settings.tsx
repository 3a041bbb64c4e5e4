"use client";

import { ControllersPanel } from "@/components/requests/controllers/controllers-panel.tsx";
import { ofConsole } from "@/components/requests/requests-input.ts";
import { SourcesPanel } from "@/components/requests/sources/sources-panel.tsx";
import { useRead } from "@/lib/client/use-read.ts";

/** What requests rest on: who answers for people's data, and which systems hand requests in. */
export function RequestSettings() {
  const { loading } = useRead("controllers", {}, ofConsole);
  return (
    <div className="grid gap-4">
      <ControllersPanel />
      {/* How many controllers there are is not known before: what they would push down is drawn with them. */}
      {!loading && <SourcesPanel />}
    </div>
  );
}
