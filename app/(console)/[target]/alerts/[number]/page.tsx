import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Prefetch } from "@/app/(console)/prefetch";
import { incidentInput } from "@/components/alerts/incident-input";
import { IncidentView } from "@/components/alerts/incident-view";

interface PageProps {
  params: Promise<{ target: string; number: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { target, number } = await params;
  return { title: `#${number} · Alerts · ${decodeURIComponent(target)}` };
}

export default async function IncidentPage({ params }: PageProps) {
  const { target, number } = await params;
  if (!/^[1-9]\d{0,14}$/.test(number)) notFound();
  return (
    <Prefetch target={target} reads={[["incident", incidentInput(Number(number))]]}>
      <IncidentView number={Number(number)} />
    </Prefetch>
  );
}
