import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { cacheReads } from "@/components/caches/cache-inputs";
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
  const reads = cacheReads(rangeOfSearch(search), (name) => [search[name]].flat()[0] ?? null);
  return (
    <Prefetch target={target} reads={reads}>
      <PageHeader title="Caches" question="What reaches the disk?" />
      <CachesView />
    </Prefetch>
  );
}
