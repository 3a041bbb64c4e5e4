import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { ControllersPanel } from "@/components/requests/controllers/controllers-panel";
import { OfficersOnly } from "@/components/requests/officers-only";
import { SourcesPanel } from "@/components/requests/sources/sources-panel";
import { can } from "@/lib/auth/roles";

export const metadata: Metadata = { title: "Requests · Settings" };

export default async function RequestSettingsPage() {
  const actor = await requirePageActor();
  if (!can(actor.role, "privacy_officer")) return <OfficersOnly what="Who answers for people’s data" />;
  return (
    <Prefetch
      target=""
      reads={[
        ["controllers", {}],
        ["intakeSources", {}],
      ]}
    >
      <div className="grid gap-4">
        <ControllersPanel />
        <SourcesPanel />
      </div>
    </Prefetch>
  );
}
