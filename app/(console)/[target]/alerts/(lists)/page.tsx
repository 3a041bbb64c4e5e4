import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { inboxFilterOf, inboxInput } from "@/components/alerts/inbox-input";
import { InboxView } from "@/components/alerts/inbox-view";

interface PageProps {
  params: Promise<{ target: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Alerts · ${decodeURIComponent((await params).target)}` };
}

export default async function InboxPage({ params, searchParams }: PageProps) {
  const [{ target }, search] = await Promise.all([params, searchParams]);
  return (
    <Prefetch target={target} reads={[["incidents", inboxInput(inboxFilterOf(search), target)]]}>
      <InboxView />
    </Prefetch>
  );
}
