// JupyterLab asks yarn for its settings at every start. There is no yarn here: nothing is built.
