/**
 * Turns the systems of every TryIt into tabs. The first guess is the machine the page is read on; what
 * the learner chooses holds for the whole course.
 */

const storageKey = 'port-dojo.system';

export function offerSystemTabs(lesson: HTMLElement): void {
  const groups = [...lesson.querySelectorAll<HTMLElement>('.try-it')];

  const choose = (system: string) => {
    for (const group of groups) {
      for (const tab of group.querySelectorAll<HTMLElement>('[role="tab"]')) {
        const isChosen = tab.dataset['system'] === system;
        tab.setAttribute('aria-selected', String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
      }
      for (const panel of group.querySelectorAll<HTMLElement>('.system')) {
        panel.hidden = panel.dataset['system'] !== system;
      }
    }
  };

  for (const group of groups) {
    const tabs = [...group.querySelectorAll<HTMLElement>('[role="tab"]')];
    for (const tab of tabs) {
      const panel = group.querySelector(`.system[data-system="${tab.dataset['system'] ?? ''}"]`);
      if (!panel) {
        tab.remove();
        continue;
      }
      tab.id = `${group.id}-${tab.dataset['system'] ?? ''}`;
      panel.id = `${tab.id}-panel`;
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', tab.id);
      tab.setAttribute('aria-controls', panel.id);
    }
    group.addEventListener('click', ({ target }) => {
      const tab = target instanceof Element ? target.closest<HTMLElement>('[role="tab"]') : null;
      if (tab) keep(tab.dataset['system'] ?? '', choose);
    });
    group.addEventListener('keydown', (event) => {
      const place = tabs.findIndex((tab) => tab === event.target);
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step && place >= 0 ? tabs.at((place + step) % tabs.length) : undefined;
      if (!next) return;
      event.preventDefault();
      keep(next.dataset['system'] ?? '', choose);
      next.focus();
    });
  }
  choose(remembered() ?? guessed());
}

function keep(system: string, choose: (system: string) => void): void {
  choose(system);
  try {
    localStorage.setItem(storageKey, system);
  } catch {
    // Storage refused: the choice holds for this page.
  }
}

function remembered(): string | null {
  try {
    const system = localStorage.getItem(storageKey);
    return system && ['linux', 'macos', 'windows'].includes(system) ? system : null;
  } catch {
    return null;
  }
}

function guessed(): string {
  const { userAgent } = navigator;
  if (userAgent.includes('Windows')) return 'windows';
  return /Mac|iPhone|iPad/.test(userAgent) ? 'macos' : 'linux';
}
