import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Prefetch } from "@/app/(console)/prefetch";
import { StatementView } from "@/components/queries/statement-view";
import { rangeOfSearch } from "@/lib/client/ranges";

export const metadata: Metadata = { title: "Statement" };

interface StatementPageProps {
  params: Promise<{ target: string; key: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function StatementPage({ params, searchParams }: StatementPageProps) {
  const [{ target, key: encoded }, search] = await Promise.all([params, searchParams]);
  const key = decodeURIComponent(encoded);
  if (!/^\d+\/\d+\/-?\d+\/[01]$/.test(key)) notFound();
  return (
    <Prefetch target={target} reads={[["queryDetail", { key, range: rangeOfSearch(search) }]]}>
      <StatementView statementKey={key} />
    </Prefetch>
  );
}
