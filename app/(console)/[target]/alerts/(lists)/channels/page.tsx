import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { ChannelsView } from "@/components/channels/channels-view";
import { deliveriesInput } from "@/components/channels/deliveries-input";
import { AdminOnly } from "@/components/settings/admin-only";
import { can } from "@/lib/auth/roles";

interface PageProps {
  params: Promise<{ target: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Routes and channels · ${decodeURIComponent((await params).target)}` };
}

export default async function ChannelsPage({ params }: PageProps) {
  const actor = await requirePageActor();
  if (!can(actor.role, "admin")) return <AdminOnly what="Who is told of alerts" />;
  const target = decodeURIComponent((await params).target);
  return (
    <Prefetch
      target={target}
      reads={[
        ["channels", {}],
        ["routes", {}],
        ["deliveries", deliveriesInput],
      ]}
    >
      <ChannelsView />
    </Prefetch>
  );
}
