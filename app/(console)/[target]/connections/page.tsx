import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { connectionInputs, hideOwnOfSearch } from "@/components/connections/connections-inputs";
import { ConnectionsPage } from "@/components/connections/connections-page";
import { rangeOfSearch } from "@/lib/client/ranges";

interface PageProps {
  params: Promise<{ target: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Connections · ${decodeURIComponent((await params).target)}` };
}

export default async function Page({ params, searchParams }: PageProps) {
  const [{ target }, search] = await Promise.all([params, searchParams]);
  const range = rangeOfSearch(search);
  const hideOwn = hideOwnOfSearch(search);
  return (
    <Prefetch
      target={target}
      reads={[
        ["serverConnections", connectionInputs.server(hideOwn)],
        ["applicationPools", connectionInputs.pools()],
        ["poolerPools", connectionInputs.pooler()],
        ["poolHistory", connectionInputs.history(range)],
        ["poolerHistory", connectionInputs.history(range)],
        ["connectionHistory", connectionInputs.history(range)],
        ["blockers", connectionInputs.blockers()],
        ["waitEvents", connectionInputs.waits(hideOwn)],
        ["longestTransactions", connectionInputs.transactions(hideOwn)],
        ["idleInTransaction", connectionInputs.idle(hideOwn)],
        ["longQueries", connectionInputs.longQueries()],
      ]}
    >
      <ConnectionsPage />
    </Prefetch>
  );
}
