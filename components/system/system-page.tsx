"use client";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { bytes } from "../lib/units.ts";
import { Badge, type Tone } from "../ui/badge.tsx";
import { Card, Fact, Page, Section } from "../ui/page.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { ErrorNote } from "../ui/states.tsx";
import { watchedBackends } from "./api/backends.ts";
import { imagesQuery } from "./api/images.ts";
import { healthQuery, versionQuery } from "./api/version.ts";
import { DiskSection } from "./disk-section.tsx";
import { SelfTest } from "./self-test.tsx";
import type { BackendStatus, ImageBuild } from "#contract/system.ts";

/** What Ghost runs on, how far it is, and whether this browser can use all of it. */
export function SystemPage() {
  const backends = useQuery(watchedBackends);
  const images = useQuery(imagesQuery);
  const version = useQuery(versionQuery);
  const health = useQuery(healthQuery);
  return (
    <Page title="System">
      <Section title="Gateway">
        {version.error && <ErrorNote error={version.error} />}
        <Card>
          <dl className="grid grid-cols-2 gap-4 px-4 py-3.5 sm:grid-cols-5">
            <Fact name="Health" value={health.data?.status ?? (health.error ? "unhealthy" : undefined)} />
            <Fact name="Version" value={version.data?.version} />
            <Fact name="Commit" value={version.data?.commit.slice(0, 10)} />
            <Fact name="API" value={version.data?.api} />
            <Fact name="Apps at" value={version.data?.apps} />
          </dl>
        </Card>
      </Section>
      <Section title="Backends" lead="What makes caves real, and how well it keeps them apart.">
        {backends.error && <ErrorNote error={backends.error} />}
        <div className="grid gap-3">
          {backends.data?.map((backend) => <BackendCard key={backend.name} backend={backend} />) ??
            (backends.error ? null : <Skeleton className="h-40 rounded-lg" />)}
        </div>
      </Section>
      <DiskSection />
      <Section title="Images" lead="Built on this machine by npm run up.">
        {images.error && <ErrorNote error={images.error} />}
        {images.data === undefined ? (
          images.error === null && <Skeleton className="h-11 rounded-lg" />
        ) : (
          <Card>
            {images.data.length === 0 && <p className="px-4 py-3.5 text-dim">Nothing was built here yet.</p>}
            {images.data.map((build) => (
              <ImageRow key={build.flavor} build={build} />
            ))}
          </Card>
        )}
      </Section>
      <SelfTest />
    </Page>
  );
}

const grades: Record<BackendStatus["isolation"]["grade"], Tone> = {
  strong: "ok",
  standard: "busy",
  reduced: "warn",
};

const properNames: Record<string, string> = {
  ...{ os: "OS", cpus: "CPUs", apparmor: "AppArmor", selinux: "SELinux" },
};

function BackendCard({ backend }: { backend: BackendStatus }) {
  const { name, reachable, reason, version, capabilities, isolation, facts } = backend;
  const shown = Object.entries(facts).map(([key, value]) => [
    properNames[key] ??
      key
        .replace(/Bytes$/, "")
        .replace(/([A-Z])/g, " $1")
        .toLowerCase(),
    key.endsWith("Bytes") && typeof value === "number"
      ? bytes(value)
      : value === true
        ? "yes"
        : value === false
          ? "no"
          : String(value),
  ]);
  return (
    <Card className="px-4 py-3.5">
      <div className="flex flex-wrap items-center gap-2.5">
        {reachable ? (
          <CircleCheck className="size-4 text-ok" aria-hidden />
        ) : (
          <CircleX className="size-4 text-danger" aria-hidden />
        )}
        <h3 className="text-base font-semibold">{name}</h3>
        <span className="font-mono text-xs text-dim">{version}</span>
        <Badge tone={reachable ? "ok" : "danger"}>{reachable ? "answers" : "does not answer"}</Badge>
        <Badge tone={grades[isolation.grade]}>{isolation.grade} isolation</Badge>
      </div>
      {!reachable && (
        <p role="alert" className="mt-2 text-danger">
          {reason ?? "The engine did not answer."} Is it running?{" "}
          <code className="text-xs">ghost doctor</code> tells what is wrong.
        </p>
      )}
      {isolation.notes.length > 0 && (
        <ul className="mt-2.5 grid gap-1">
          {isolation.notes.map((note) => (
            <li key={note} className="flex gap-2 text-dim">
              <TriangleAlert className="mt-0.5 size-3.5 shrink-0 text-warn" aria-hidden />
              {note}
            </li>
          ))}
        </ul>
      )}
      <dl className="mt-3.5 grid grid-cols-2 gap-x-4 gap-y-3 border-t border-line pt-3.5 sm:grid-cols-4">
        <Fact name="Networks" value={capabilities.networks.join(", ")} />
        <Fact name="Pause" value={capabilities.pause ? "yes" : "no"} />
        <Fact name="Disk limits" value={capabilities.diskLimit ? "yes" : "no"} />
        {shown.map(([key = "", value]) => (
          <Fact key={key} name={key} value={value} />
        ))}
      </dl>
    </Card>
  );
}

const buildTones: Record<ImageBuild["state"], Tone> = {
  ready: "ok",
  building: "busy",
  failed: "danger",
  missing: "neutral",
};

function ImageRow({ build: { image, state, step, steps, line, error } }: { build: ImageBuild }) {
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2.5 last:border-0">
      <span className="font-mono text-xs">{image}</span>
      <Badge tone={buildTones[state]}>{state}</Badge>
      {state === "building" && steps !== undefined && (
        <progress
          aria-label={`Building ${image}`}
          max={steps}
          value={step}
          className="h-1 w-40 accent-accent"
        />
      )}
      <span className="min-w-0 grow truncate text-xs text-dim" title={error}>
        {error ?? (state === "building" ? line : "")}
      </span>
    </div>
  );
}
