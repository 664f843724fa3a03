

def derivation(given):
    raise NotImplementedError
