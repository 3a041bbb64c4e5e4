import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { jobsPageReads } from "@/components/jobs/jobs-input";
import { JobsView } from "@/components/jobs/jobs-view";

export const metadata: Metadata = { title: "Jobs" };

interface JobsPageProps {
  params: Promise<{ target: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function JobsPage({ params, searchParams }: JobsPageProps) {
  const [{ target }, search] = await Promise.all([params, searchParams]);
  return (
    <Prefetch target={target} reads={jobsPageReads(search, target)}>
      <JobsView />
    </Prefetch>
  );
}
