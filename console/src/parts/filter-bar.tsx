/** Filters of a list. Choices act at once; what is typed acts on Enter or on leaving the field, so that half an id asks for nothing. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { inputOfInstant, instantOfInput } from "../format/instant.ts";
import css from "./filter-bar.module.css";

export function FilterBar({
  label,
  children,
  onClear,
}: {
  readonly label: string;
  readonly children: ReactNode;
  readonly onClear: (() => void) | null;
}) {
  return (
    <form className={css["bar"]} role="search" aria-label={label} onSubmit={(event) => event.preventDefault()}>
      {children}
      <div className={css["actions"]}>
        <Button variant="default" size="xs" type="button" disabled={onClear === null} onClick={() => onClear?.()}>
          Clear filters
        </Button>
      </div>
    </form>
  );
}

type FilterProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void };

export function ChoiceFilter({
  label,
  value,
  onChange,
  choices,
}: FilterProps & { readonly choices: readonly { value: string; label: string }[] }) {
  const isKnown = value === "" || choices.some((choice) => choice.value === value);
  return (
    <NativeSelect
      size="xs"
      label={label}
      value={value}
      data={[{ value: "", label: "Any" }, ...choices, ...(isKnown ? [] : [{ value, label: value }])]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export function TextFilter({ label, value, onChange, placeholder = "" }: FilterProps & { readonly placeholder?: string }) {
  return (
    <TextInput
      key={value}
      size="xs"
      label={label}
      defaultValue={value}
      placeholder={placeholder}
      onBlur={(event) => onChange(event.currentTarget.value.trim())}
      onKeyDown={(event) => {
        if (event.key === "Enter") onChange(event.currentTarget.value.trim());
      }}
    />
  );
}

/** An instant, typed in the browser's zone and kept in UTC. */
export function InstantFilter({ label, value, onChange }: FilterProps) {
  return (
    <TextInput
      key={value}
      size="xs"
      type="datetime-local"
      label={label}
      defaultValue={inputOfInstant(value)}
      onBlur={(event) => onChange(instantOfInput(event.currentTarget.value))}
    />
  );
}

/** Choices from plain words. */
export function choicesOf(words: readonly string[]): readonly { value: string; label: string }[] {
  return words.map((word) => ({ value: word, label: word }));
}
