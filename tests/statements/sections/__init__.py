"""One module per section of statements.json: `answer(room, asked)` puts a case into the models' inputs and reads their rows."""
