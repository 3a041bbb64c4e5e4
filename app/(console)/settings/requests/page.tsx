import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { OfficersOnly } from "@/components/requests/officers-only";
import { RequestSettings } from "@/components/requests/request-settings";
import { can } from "@/lib/auth/roles";

export const metadata: Metadata = { title: "Requests · Settings" };

export default async function RequestSettingsPage() {
  const actor = await requirePageActor();
  if (!can(actor.role, "privacy_officer")) return <OfficersOnly what="Who answers for people's data" />;
  return (
    <Prefetch
      target=""
      reads={[
        ["controllers", {}],
        ["intakeSources", {}],
      ]}
    >
      <RequestSettings />
    </Prefetch>
  );
}
