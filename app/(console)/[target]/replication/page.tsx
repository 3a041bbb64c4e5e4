import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { replicationInputs } from "@/components/replication/replication-inputs";
import { ReplicationView } from "@/components/replication/replication-view";
import { rangeOfSearch } from "@/lib/client/ranges";

export const metadata: Metadata = { title: "Replication" };

interface ReplicationPageProps {
  params: Promise<{ target: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ReplicationPage({ params, searchParams }: ReplicationPageProps) {
  const [{ target }, search] = await Promise.all([params, searchParams]);
  const range = rangeOfSearch(search);
  return (
    <Prefetch
      target={target}
      reads={[
        ["replicationTopology", {}],
        ["seriesHistory", replicationInputs.walRate(range)],
        ["standbyLag", { range }],
        ["replicationNodes", {}],
        ["replicationSlots", {}],
        ["walArchiver", {}],
        ["recoveryConflicts", {}],
        ["replicationEvents", { range }],
      ]}
    >
      <ReplicationView />
    </Prefetch>
  );
}
