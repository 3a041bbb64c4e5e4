import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { eventsPageReads } from "@/components/events/events-input";
import { EventsView } from "@/components/events/events-view";

export const metadata: Metadata = { title: "Events" };

interface EventsPageProps {
  params: Promise<{ target: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function EventsPage({ params, searchParams }: EventsPageProps) {
  const [{ target }, search] = await Promise.all([params, searchParams]);
  return (
    <Prefetch target={target} reads={eventsPageReads(search)}>
      <EventsView />
    </Prefetch>
  );
}
