import { answerWith } from "@/app/api/v1/answer";

export const dynamic = "force-dynamic";
export const GET = answerWith("requestGrounds");
