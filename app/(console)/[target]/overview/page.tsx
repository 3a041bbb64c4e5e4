import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { standingInput } from "@/components/alerts/inbox-input";
import { daysOfSearch, overviewInputs } from "@/components/overview/overview-inputs";
import { OverviewPage } from "@/components/overview/overview-page";
import { rangeOfSearch } from "@/lib/client/ranges";

interface PageProps {
  params: Promise<{ target: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Overview · ${decodeURIComponent((await params).target)}` };
}

export default async function Page({ params, searchParams }: PageProps) {
  const [{ target }, search] = await Promise.all([params, searchParams]);
  const range = rangeOfSearch(search);
  return (
    <Prefetch
      target={target}
      reads={[
        ["overview", overviewInputs.overview(range)],
        ["incidents", standingInput(target)],
        ["timeline", overviewInputs.timeline(range)],
        ["seriesHistory", overviewInputs.activity(range)],
        ["seriesHistory", overviewInputs.cost(range)],
        ["databaseGrowth", overviewInputs.growth(range)],
        ["eventsPerDay", overviewInputs.eventsPerDay(daysOfSearch(search))],
        ["replicationTopology", overviewInputs.replication()],
      ]}
    >
      <OverviewPage />
    </Prefetch>
  );
}
