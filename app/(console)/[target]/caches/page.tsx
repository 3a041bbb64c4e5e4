import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { relationKinds, relationsInput } from "@/components/caches/cache-inputs";
import { CachesView } from "@/components/caches/caches-view";
import { PageHeader } from "@/components/shell/page-header";
import { rangeOfSearch } from "@/lib/client/ranges";

export const metadata: Metadata = { title: "Caches" };

interface CachesPageProps {
  params: Promise<{ target: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function CachesPage({ params, searchParams }: CachesPageProps) {
  const { target } = await params;
  const search = await searchParams;
  const one = (name: string) => [search[name]].flat()[0] ?? null;
  const range = rangeOfSearch(search);
  const kind = relationKinds.find((each) => each === one("relations")) ?? "table";
  const relations = relationsInput(kind, { sort: one("relations-sort"), each: one("each") === "true" });
  return (
    <Prefetch
      target={target}
      reads={[
        ["cacheWaterfall", { range }],
        ["bufferCacheHits", { range }],
        ["readLatency", { range }],
        ["queryCacheHistory", { range }],
        ["queryCache", {}],
        ["cacheSettings", {}],
        ["relationCacheHits", relations],
        ["ioByBackend", { range }],
        ["bufferUsage", {}],
      ]}
    >
      <PageHeader title="Caches" question="What reaches the disk?" />
      <CachesView />
    </Prefetch>
  );
}
