import { Library, ListTree, PanelLeftClose, Search } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useStore } from 'zustand';
import { OutlinePanel } from '../features/outline/OutlinePanel.tsx';
import { SearchPanel } from '../features/search/SearchPanel.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import type { LeftTab } from './shellStore.ts';
import { useStores } from './storesContext.ts';

/** The left margin: where things are in the book. */
export function LeftPanel() {
  const { shell, book } = useStores();
  const tab = useStore(shell, (state) => state.leftTab);
  return (
    <aside className="panel panel--left" aria-label="Contents and search">
      <Tabs.Root
        className="panel__tabs"
        value={tab}
        onValueChange={(value) => shell.getState().setLeftTab(value as LeftTab)}
      >
        <div className="panel__head">
          <IconButton icon={Library} label="Back to the library" onClick={() => void book.getState().close()} />
          <Tabs.List className="tabs" aria-label="Contents and search">
            <Tabs.Trigger className="tabs__tab" value="outline">
              <ListTree size={15} aria-hidden />
              Contents
            </Tabs.Trigger>
            <Tabs.Trigger className="tabs__tab" value="search">
              <Search size={15} aria-hidden />
              Search
            </Tabs.Trigger>
          </Tabs.List>
          <IconButton
            icon={PanelLeftClose}
            label="Hide contents"
            keys="Ctrl+B"
            onClick={() => shell.getState().toggle('left')}
          />
        </div>
        <Tabs.Content className="panel__body" value="outline" tabIndex={-1}>
          <OutlinePanel />
        </Tabs.Content>
        <Tabs.Content className="panel__body" value="search" tabIndex={-1}>
          <SearchPanel />
        </Tabs.Content>
      </Tabs.Root>
    </aside>
  );
}
