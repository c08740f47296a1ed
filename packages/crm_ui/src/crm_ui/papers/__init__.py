"""Records on paper: templates filled for one record and dressed for printing. Drawing the PDF is the storage's child."""
