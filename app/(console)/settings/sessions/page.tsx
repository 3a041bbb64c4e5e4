import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { SessionsView } from "@/components/settings/sessions-view";

export const metadata: Metadata = { title: "Sessions · Settings" };

interface SessionsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SessionsPage({ searchParams }: SessionsPageProps) {
  const whose = (await searchParams).whose === "all" ? "all" : "own";
  return (
    <Prefetch target="" reads={[["sessions", { whose }]]}>
      <SessionsView />
    </Prefetch>
  );
}
