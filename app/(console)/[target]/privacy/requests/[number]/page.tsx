import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { OfficersOnly } from "@/components/requests/officers-only";
import { RequestView } from "@/components/requests/request-view";
import { requestInput } from "@/components/requests/requests-input";
import { can } from "@/lib/auth/roles";

interface PageProps {
  params: Promise<{ target: string; number: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { number } = await params;
  return { title: `#${number} · Requests · Privacy` };
}

export default async function RequestPage({ params }: PageProps) {
  const [{ number }, actor] = await Promise.all([params, requirePageActor()]);
  if (!/^[1-9]\d{0,14}$/.test(number)) notFound();
  if (!can(actor.role, "privacy_officer")) return <OfficersOnly what="A person's request" />;
  return (
    <Prefetch target="" reads={[["request", requestInput(Number(number))]]}>
      <RequestView number={Number(number)} />
    </Prefetch>
  );
}
