import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { AdminOnly } from "@/components/settings/admin-only";
import { TokensView } from "@/components/settings/tokens-view";
import { can } from "@/lib/auth/roles";

export const metadata: Metadata = { title: "API tokens · Settings" };

export default async function TokensPage() {
  const actor = await requirePageActor();
  if (!can(actor.role, "privacy_officer")) return <AdminOnly what="The list of API tokens" />;
  return (
    <Prefetch target="" reads={[["apiTokens", {}]]}>
      <TokensView />
    </Prefetch>
  );
}
