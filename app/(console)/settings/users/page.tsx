import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { AdminOnly } from "@/components/settings/admin-only";
import { UsersView } from "@/components/settings/users-view";
import { can } from "@/lib/auth/roles";

export const metadata: Metadata = { title: "People · Settings" };

export default async function UsersPage() {
  const actor = await requirePageActor();
  if (!can(actor.role, "admin")) return <AdminOnly what="The list of people" />;
  return (
    <Prefetch target="" reads={[["users", {}]]}>
      <UsersView />
    </Prefetch>
  );
}
