# Overview, wallboard and watch.
