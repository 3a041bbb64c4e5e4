import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { AdminOnly } from "@/components/settings/admin-only";
import { KeysView } from "@/components/settings/keys-view";
import { can } from "@/lib/auth/roles";

export const metadata: Metadata = { title: "Keys · Settings" };

export default async function KeysPage() {
  const actor = await requirePageActor();
  if (!can(actor.role, "admin")) return <AdminOnly what="The list of keys" />;
  return (
    <Prefetch target="" reads={[["keys", {}]]}>
      <KeysView />
    </Prefetch>
  );
}
