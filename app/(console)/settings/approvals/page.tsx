import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { ApprovalsView } from "@/components/settings/approvals-view";

export const metadata: Metadata = { title: "Approvals · Settings" };

interface ApprovalsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ApprovalsPage({ searchParams }: ApprovalsPageProps) {
  await requirePageActor();
  const state = (await searchParams).show === "all" ? "all" : "open";
  return (
    <Prefetch target="" reads={[["approvals", { state, limit: 500 }]]}>
      <ApprovalsView />
    </Prefetch>
  );
}
