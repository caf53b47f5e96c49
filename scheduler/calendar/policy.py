"""Policy: how a row's job is run: how often it tries, and how long it may go on."""

from pydantic import Field, model_validator

from scheduler.calendar.fields import Frozen

# The longest wait between two tries that the durable engine knows.
LONGEST_WAIT_SECONDS = 3600


class Policy(Frozen):
    """How a row's job is run; a step is tried again only when what went wrong may pass by itself."""

    attempts: int = Field(
        default=6,
        ge=1,
        le=20,
        description="Forsøk på et steg som stanser av noe som kan gå over, som en database som ikke svarer. Ellers 6.",
    )
    first_wait: float = Field(
        default=1, gt=0, description="Sekunder før det andre forsøket. Ellers 1."
    )
    wait_factor: float = Field(
        default=2,
        ge=1,
        le=10,
        description="Hvor mange ganger lengre hver ventetid er enn den før. Ellers 2.",
    )
    minutes: int = Field(
        default=60,
        ge=1,
        le=24 * 60,
        description="Minutter en kjøring får vare. Så stanses den før neste steg, som feilet. Ellers 60.",
    )

    @model_validator(mode="after")
    def _ends(self) -> "Policy":
        waits = [self.wait_after(failed) for failed in range(1, self.attempts)]
        if max(waits, default=0) > LONGEST_WAIT_SECONDS:
            raise ValueError(
                f"Den siste ventetiden blir {round(waits[-1])} sekunder, og kan ikke være over "
                f"{LONGEST_WAIT_SECONDS}. Senk «attempts», «first_wait» eller «wait_factor»."
            )
        if sum(waits) >= self.minutes * 60:
            raise ValueError(
                f"Forsøkene venter {round(sum(waits))} sekunder i alt, og kjøringen får bare vare "
                f"{self.minutes} minutter. Hev «minutes», eller senk ventetidene."
            )
        return self

    def wait_after(self, failed: int) -> float:
        """Seconds to wait when so many tries have failed."""
        return self.first_wait * self.wait_factor ** (failed - 1)
