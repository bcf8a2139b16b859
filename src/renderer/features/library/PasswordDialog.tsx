import { type SubmitEvent, useState } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';

/** Asks for the password of a protected file. It is used once and kept nowhere. */
export function PasswordDialog() {
  const { library } = useStores();
  const request = useStore(library, (state) => state.password);
  const opening = useStore(library, (state) => state.opening !== null);
  const [password, setPassword] = useState('');
  if (!request) return null;
  const close = (): void => {
    setPassword('');
    library.getState().dismissPassword();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void library.getState().open(request.path, password);
    setPassword('');
  };
  return (
    <Dialog title="This file is protected" onClose={close}>
      <form className="password" onSubmit={submit}>
        <p>
          {request.wrong ? 'That password does not open it. Try again.' : 'Type its password to read it.'}{' '}
          <span className="password__file">{request.path.split(/[\\/]/).at(-1)}</span>
        </p>
        <input
          className="field"
          type="password"
          aria-label="Password"
          data-first-focus
          value={password}
          aria-invalid={request.wrong}
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className="password__actions">
          <Button look="quiet" onClick={close}>
            Cancel
          </Button>
          <Button look="primary" type="submit" disabled={opening || password === ''}>
            Open
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
