// The stream of events from the web; it comes back by itself, each time with a snapshot.

const SILENCE = 5000; // ms: the web tells something each second
const AGAIN = 1500; // ms until the next try, where the browser would not make one

/** Calls `snapshot`, then `change` for each change, and `away` when the web does not answer. */
export function watch(url, { snapshot, change, away }, Source = EventSource) {
  let source, alarm;
  let begun = false; // changes mean nothing before the snapshot

  const open = () => {
    begun = false;
    source = new Source(url);
    source.addEventListener("snapshot", (event) => {
      begun = true;
      heard();
      snapshot(JSON.parse(event.data));
    });
    source.addEventListener("change", (event) => {
      heard();
      if (begun) change(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      begun = false;
      away();
      if (source.readyState === Source.CLOSED) again(AGAIN);
    });
    heard();
  };
  const again = (after) => {
    clearTimeout(alarm);
    alarm = setTimeout(() => {
      source.close();
      open();
    }, after);
  };
  const heard = () => {
    clearTimeout(alarm);
    alarm = setTimeout(() => {
      away();
      again(0);
    }, SILENCE);
  };
  open();
}
