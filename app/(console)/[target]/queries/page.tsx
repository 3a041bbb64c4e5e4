import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { queriesPageReads } from "@/components/queries/queries-input";
import { QueriesView } from "@/components/queries/queries-view";

export const metadata: Metadata = { title: "Queries" };

interface QueriesPageProps {
  params: Promise<{ target: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function QueriesPage({ params, searchParams }: QueriesPageProps) {
  const [{ target }, search] = await Promise.all([params, searchParams]);
  return (
    <Prefetch target={target} reads={queriesPageReads(search)}>
      <QueriesView />
    </Prefetch>
  );
}
