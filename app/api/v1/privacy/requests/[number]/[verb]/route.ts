import { actOnRequest } from "@/app/api/v1/requests";

export const dynamic = "force-dynamic";
export const POST = actOnRequest();
