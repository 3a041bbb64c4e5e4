import type { Metadata } from "next";
import { Prefetch, type PrefetchedRead } from "@/app/(console)/prefetch";
import { lanesInput, parseTableName, tableInput } from "@/components/partitions/partition-inputs";
import { PartitionsView } from "@/components/partitions/partitions-view";
import { PageHeader } from "@/components/shell/page-header";

export const metadata: Metadata = { title: "Partitions" };

interface PartitionsPageProps {
  params: Promise<{ target: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function PartitionsPage({ params, searchParams }: PartitionsPageProps) {
  const { target } = await params;
  const search = await searchParams;
  const one = (name: string) => [search[name]].flat()[0];
  const table = parseTableName(one("table"));
  const filter = one("partitions-q") ?? "";
  const page = filter ? 1 : Number(one("page")) || 1;
  const reads: PrefetchedRead[] = [
    ["partitionFindings", {}],
    ["partitionTrees", {}],
    ["partitionWorks", {}],
    ["upkeep", {}],
    ["partman", {}],
    ["partitionLanes", lanesInput(table)],
  ];
  if (table)
    reads.push(["partitionTable", tableInput(table, { sort: one("partitions-sort") ?? null, filter, page })]);
  return (
    <Prefetch target={target} reads={reads}>
      <PageHeader title="Partitions" question="Is there a place for every event?" />
      <PartitionsView />
    </Prefetch>
  );
}
