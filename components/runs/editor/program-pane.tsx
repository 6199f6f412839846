"use client";
import { ChevronDown, FilePlus, Undo2, X } from "lucide-react";
import { useState } from "react";
import { useStore } from "../../lib/store.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { rich } from "../../ui/states.tsx";
import { LanguageSidebar } from "../languages/language-sidebar.tsx";
import { poolSentence, poolWord } from "../languages/pool-word.ts";
import { bringBack, dismissOpened, workspace } from "../program/workspace.ts";
import { RunButtons } from "../run-buttons.tsx";
import type { Playground } from "../use-playground.ts";
import { CodeEditor } from "./code-editor.tsx";
import { FileTabs } from "./file-tabs.tsx";
import { InputFields } from "./input-fields.tsx";
import { LimitsPopover } from "./limits-popover.tsx";
import { ShareMenu } from "./share-menu.tsx";

/** The program and what it is given. */
export function ProgramPane({ play }: { play: Playground }) {
  const { program, language } = play;
  const { revision } = useStore(workspace);
  const main = language?.fileName ?? "main";
  const [chosen, setChosen] = useState({ name: "", revision: 0 });
  const shown = chosen.revision === revision && chosen.name in program.files ? chosen.name : main;
  return (
    <div className="flex h-full flex-col">
      <RunBar play={play} />
      <FileTabs
        program={program}
        main={main}
        shown={shown}
        onShow={(name) => setChosen({ name, revision })}
      />
      <Notices play={play} />
      <CodeEditor
        program={program}
        main={main}
        shown={shown}
        revision={revision}
        onRun={play.run}
        onStop={play.stop}
      />
      <InputFields program={program} />
    </div>
  );
}

function RunBar({ play }: { play: Playground }) {
  const { language, list, program } = play;
  const [choosing, setChoosing] = useState(false);
  return (
    <div
      role="toolbar"
      aria-label="Run"
      className="flex h-10 shrink-0 items-center gap-1.5 border-b border-line bg-surface px-2 pointer-coarse:h-13"
    >
      <Button
        size="sm"
        kind="quiet"
        className="min-w-0 text-ink! lg:hidden"
        aria-haspopup="dialog"
        onClick={() => setChoosing(true)}
      >
        <span className="sr-only">Language and examples: </span>
        <span className="truncate font-medium">{language?.title}</span>
        <ChevronDown aria-hidden />
      </Button>
      <span className="truncate text-xs text-dim max-lg:hidden">
        <span className="font-medium text-ink">{language?.title}</span> {language?.version}
        {language && ` · ${poolWord(language)}`}
      </span>
      <span className="ml-auto flex items-center gap-1">
        <IconButton label="New program" keys="n" size="sm" onClick={play.fresh}>
          <FilePlus />
        </IconButton>
        <ShareMenu />
        {language && <LimitsPopover program={program} language={language} list={list} />}
        <span className="max-md:hidden">
          <RunButtons play={play} />
        </span>
      </span>
      <Dialog open={choosing} onOpenChange={setChoosing} side="right" title="Language and examples">
        <div className="-mx-5 -my-3 h-[calc(100%+1.5rem)]">
          <LanguageSidebar play={play} onDone={() => setChoosing(false)} />
        </div>
      </Dialog>
    </div>
  );
}

/** What there is to know before it is run. */
function Notices({ play: { language } }: { play: Playground }) {
  const { opened, before, unkept } = useStore(workspace);
  return (
    <div
      role="status"
      className="shrink-0 [&>p]:flex [&>p]:min-h-8 [&>p]:items-center [&>p]:gap-2 [&>p]:border-b [&>p]:border-line [&>p]:px-3 [&>p]:py-1 [&>p]:text-xs"
    >
      {language?.ready === false && (
        <p className="bg-warn/10">
          <span className="grow">{rich(poolSentence(language))}</span>
          <CopyButton text={language.build} label="Copy the command" />
        </p>
      )}
      {unkept && (
        <p className="bg-warn/10">
          This program is not kept in this browser, which has no room for it: it is lost when the page is
          left.
        </p>
      )}
      {opened !== undefined && (
        <p className="bg-raised text-dim">
          <span className="min-w-0 grow">{opened}</span>
          {before && (
            <Button size="sm" kind="quiet" onClick={bringBack}>
              <Undo2 aria-hidden /> Bring back mine
            </Button>
          )}
          <IconButton label="Dismiss" size="sm" onClick={dismissOpened}>
            <X />
          </IconButton>
        </p>
      )}
    </div>
  );
}
