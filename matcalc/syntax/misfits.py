from matcalc.errors import ShapeMistake
def explained(inference, misfit):
    return ShapeMistake("misfit", misfit.passage.span(misfit.branch))
