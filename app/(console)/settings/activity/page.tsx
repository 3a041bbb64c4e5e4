import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { activityInput, filterOfSearch } from "@/components/settings/activity-input";
import { ActivityView } from "@/components/settings/activity-view";
import { AdminOnly } from "@/components/settings/admin-only";
import { can } from "@/lib/auth/roles";

export const metadata: Metadata = { title: "Activity · Settings" };

interface ActivityPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ActivityPage({ searchParams }: ActivityPageProps) {
  const actor = await requirePageActor();
  if (!can(actor.role, "admin")) return <AdminOnly what="The activity log" />;
  const filter = filterOfSearch(await searchParams);
  return (
    <Prefetch
      target=""
      reads={[
        ["activity", activityInput(filter)],
        ["auditDelivery", {}],
      ]}
    >
      <ActivityView />
    </Prefetch>
  );
}
