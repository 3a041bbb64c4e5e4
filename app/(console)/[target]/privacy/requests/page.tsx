import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { openRequestsInput } from "@/components/requests/requests-input";
import { RequestsView } from "@/components/requests/requests-view";
import { can } from "@/lib/auth/roles";

export const metadata: Metadata = { title: "Requests · Privacy" };

export default async function RequestsPage() {
  const actor = await requirePageActor();
  return (
    <Prefetch
      target=""
      reads={can(actor.role, "privacy_officer") ? [["requests", openRequestsInput]] : [["requestCounts", {}]]}
    >
      <RequestsView />
    </Prefetch>
  );
}
